import type { AddressInfo } from "node:net";
import express from "express";

/** What is left of a trigger when nothing is done for it: its body is read, and as many bytes are answered. */
const app = express();
app.post("/upscale-trigger", express.raw({ type: () => true }), (_request, response) => {
  response.status(202).json({ status: "started", urls: "x".repeat(500) });
});
const server = app.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on("disconnect", () => process.exit());
