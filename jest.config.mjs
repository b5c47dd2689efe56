// Jest in ES module mode. `content-disposition` alone is turned into CommonJS: before Node 24.9 Jest
// cannot `require` an ES module, and `@fastify/static` does. The set-up is the built one: `npm test` builds first.

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  testSequencer: '<rootDir>/scripts/test-order.mjs',
  testTimeout: 120_000,
  // Many suites wait most of the time: for a lease, for a killed server to start again.
  maxWorkers: 3,
  // ES modules of files that have ended stay in a worker's memory: 2 GB after eighty files, with which it takes longer to
  // end than Jest waits ("failed to exit gracefully"), although nothing is left open.
  workerIdleMemoryLimit: '800MB',
  roots: ['<rootDir>/src', '<rootDir>/emulator', '<rootDir>/data-mover', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/dist\\.'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/dist\\.'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '/node_modules/content-disposition/.+\\.js$': [
      '@swc/jest',
      { swcrc: false, jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
    '\\.tsx?$': '@swc/jest',
  },
  transformIgnorePatterns: ['/node_modules/(?!content-disposition/)'],
  cacheDirectory: '<rootDir>/.cache/jest',
};
