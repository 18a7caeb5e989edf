/**
 * ONNX Runtime's builds from 1.29 on report to their maker unless this is set before its first session;
 * they keep a device id and a database in the user's home, too. What is set from outside stays.
 * Only the main thread's `process.env` is what native code sees.
 */
process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
