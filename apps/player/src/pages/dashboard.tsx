import { render } from "preact";
import { Dashboard } from "../dashboard/dashboard.tsx";
import { startPage } from "./start-page.ts";
import "../styles/base.css";
import "../styles/dashboard.css";

void startPage().then((app) => render(<Dashboard />, app));
