// What the folder of a trial is called. Names of uploads begin with a date, so that none is ever taken for one of these,
// and nobody else's folder ends in an id of ours.

const NAME = /\/data-mover-check-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const trialFolder = (platformNamespace: string, trialId: string): string =>
  `${platformNamespace}/data-mover-check-${trialId}`;

export const isTrialFolder = (namespace: string): boolean => NAME.test(namespace);
