/** Notes in `window.session` what the page tells the system of what it plays, and what the system may ask of it. */
export const RECORD_SESSION = `
  window.session = { actions: {}, position: undefined };
  const { mediaSession } = navigator;
  mediaSession.setActionHandler = (action, handler) => (window.session.actions[action] = handler);
  mediaSession.setPositionState = (position) => (window.session.position = position);`;
