import type { IncomingMessage, ServerResponse } from "node:http";
import { sendBody, sendJson, sendStatus } from "./answer.ts";
import type { FakeCaller } from "./authorization.ts";
import { parseId } from "./parse-id.ts";
import type { FakeState } from "./state.ts";

export interface FakeCall {
  readonly state: FakeState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly caller: FakeCaller;
  readonly body: string;
  /** What the pattern captured. */
  readonly captured: readonly string[];
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** Needs no token. */
  readonly isOpen?: boolean;
  readonly answer: (call: FakeCall) => void | Promise<void>;
}

export const ID = "([0-9a-f-]{32,36})";
export const route = (
  method: string,
  path: string,
  answer: Route["answer"],
  isOpen = false,
): Route => ({
  method,
  pattern: new RegExp(`^${path}$`, "i"),
  answer,
  isOpen,
});

export const found = (call: FakeCall) =>
  call.state.items.find(({ id }) => id === parseId(call.captured.at(-1) ?? ""));

export const userOf = (call: FakeCall, id: string | null) =>
  call.state.users.find((user) => user.id === parseId(id ?? "")) ??
  call.state.users.find((user) => user.token === call.caller.token);

export const json = (value: (call: FakeCall) => unknown) => (call: FakeCall) =>
  sendJson(call.request, call.response, value(call));
export const noContent = ({ response }: FakeCall): void => sendStatus(response, 204);
export const text = (body: string, type: string) => (call: FakeCall) =>
  sendBody(call.request, call.response, body, type);
