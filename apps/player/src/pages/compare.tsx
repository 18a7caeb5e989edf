import { render } from "preact";
import { ComparePage } from "../compare/compare-page.tsx";
import { startPage } from "./start-page.ts";
import { streamId } from "./stream-id.ts";
import "../styles/base.css";
import "../styles/watch.css";
import "../styles/compare.css";

void startPage().then((app) => render(<ComparePage id={streamId()} />, app));
