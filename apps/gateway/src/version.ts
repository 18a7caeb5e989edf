/** Of Upreel, as its package says. */
export const VERSION = "0.5.0";
