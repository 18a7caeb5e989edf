import { filmId } from "./film-id.ts";
import type { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";
import type { Streams } from "./streams-api.ts";

/** What is told of the streams; nobody is told of one that is only prepared. */
export function readStreams(
  register: ReturnType<typeof createRegister>,
  secret: Uint8Array,
): Pick<Streams, "status" | "find" | "idOf" | "list" | "ids" | "get" | "has" | "folder"> {
  const isTold = ({ isPrepared }: Stream): boolean => !isPrepared;
  const all = (): Stream[] => register.all().filter(isTold);
  const told = (id: string): Stream | undefined => {
    const stream = register.peek(id);
    return stream !== undefined && isTold(stream) ? stream : undefined;
  };
  return {
    status: (id) => register.find(id).status(),
    find: (film) => register.peek(filmId(register, secret, film))?.status(),
    idOf: (film) => filmId(register, secret, film),
    list: () => all().map((stream) => stream.status()),
    ids: () => all().map(({ id }) => id),
    get: (id) => told(id)?.status(),
    has: (id) => told(id) !== undefined,
    folder: async (id) => (await register.opened(id)).folder,
  };
}
