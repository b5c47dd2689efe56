/** The Data Mover as one file, below `/data-mover/`. */
export const PROGRAM_NAME = 'data-mover.cjs';
