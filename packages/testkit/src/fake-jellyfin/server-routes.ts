import { json, noContent, route, text, type FakeCall, type Route } from "./fake-call.ts";
import { SERVER_ID } from "./item-dto.ts";
import type { FakeState } from "./state.ts";

function publicInfo({ state, request }: FakeCall): unknown {
  return {
    LocalAddress: `http://${request.headers.host}`,
    ServerName: "rig",
    Version: state.version,
    ProductName: "Jellyfin Server",
    OperatingSystem: "",
    Id: SERVER_ID,
    StartupWizardCompleted: true,
  };
}

const userDto = ({ id, name }: FakeState["users"][number]): unknown => ({
  Name: name,
  ServerId: SERVER_ID,
  Id: id,
  HasPassword: true,
  Policy: { IsAdministrator: true, IsDisabled: false },
});

function libraries({ state }: FakeCall): unknown {
  return state.libraries.map(({ id, name, collectionType, locations }) => ({
    Name: name,
    Locations: locations,
    CollectionType: collectionType,
    ItemId: id,
  }));
}

/** The server itself: its name, users, libraries, and the web client's page. */
export const SERVER_ROUTES: readonly Route[] = [
  route("GET", "/System/Info/Public", json(publicInfo), true),
  route("GET", "/System/Info", json(publicInfo)),
  route(
    "GET",
    "/Users/Public",
    json(({ state }) => state.users.map(userDto)),
    true,
  ),
  route(
    "GET",
    "/Users",
    json(({ state }) => state.users.map(userDto)),
  ),
  route("GET", "/Library/VirtualFolders", json(libraries)),
  route("POST", "/Library/Refresh", noContent),
  route("POST", "/Library/Media/Updated", noContent),
  route(
    "GET",
    "/web/(?:index.html)?",
    text(
      '<!DOCTYPE html><html><head></head><body><script src="main.js"></script></body></html>',
      "text/html",
    ),
    true,
  ),
  route(
    "GET",
    "/web/config.json",
    json(() => ({ plugins: ["playAccessValidation/plugin"] })),
    true,
  ),
];
