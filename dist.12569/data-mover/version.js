/** Told to the server, so that a platform sees which programs are in use. */ export const PROGRAM = 'data-mover/0.1.0';

//# sourceMappingURL=version.js.map
