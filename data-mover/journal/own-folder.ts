// The folder that a download makes in the one that it fetches to, for what it notes there.

export const OWN_FOLDER = '.instrument-dispatch';
