/**
 * A namespace's access list is changed by one process at a time: the last share's end takes the copied entries away,
 * and a share that began in between would be left with nobody else in the list, the service account included.
 */
export const lockOf = (namespace: string): string => `access list of ${namespace}`;
