const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether the page's own address means this machine: it says nothing to another device. */
export const isLoopback = (name = location.hostname): boolean => LOOPBACK.test(name);
