import { render } from "preact";
import { WatchPage } from "../watch/watch-page.tsx";
import { startPage } from "./start-page.ts";
import { streamId } from "./stream-id.ts";
import "../styles/base.css";
import "../styles/watch.css";
import "../styles/look.css";

void startPage().then((app) => render(<WatchPage id={streamId()} />, app));
