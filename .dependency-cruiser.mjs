// Module boundaries. Dependencies run one way; a folder is entered by its index.ts only; type imports count too.

/** From lowest to highest: a room may import those before it in the list and nothing after. */
const ROOMS = [
  'time',
  'config',
  'logging',
  'ids',
  'embedded',
  'database',
  'http',
  'queue',
  'audit',
  'auth',
  'persons',
  'language',
  'views',
  'schedule',
  'mail',
  'mediaflux',
  'platforms',
  'shares',
  'uploads',
  'deliveries',
  'access',
  'reminders',
  'admin',
  'client-program',
  'operations',
];

const upward = ROOMS.map((room, index) => ({
  name: `${room}-imports-only-what-is-below`,
  comment: `src/${room} may import only rooms below it; something above that must act registers itself or takes a job.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${ROOMS.slice(index + 1).join('|') || '-'})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...upward,
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'entry-by-index',
      comment: 'A room is entered by its index.ts; the rest of it may change without asking.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/.+', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'emulator-stands-alone',
      comment:
        'The emulator shares no code with the server, so that one misreading of the protocol cannot hide in both.',
      severity: 'error',
      from: { path: '^emulator/' },
      to: { path: '^(src|data-mover)/' },
    },
    {
      name: 'product-knows-no-emulator',
      comment: 'Nothing of the product may rest on the stand-in.',
      severity: 'error',
      from: { path: '^(src|data-mover)/' },
      to: { path: '^emulator/' },
    },
    {
      name: 'data-mover-uses-the-protocol-only',
      comment:
        'The Data Mover speaks the public API and the Mediaflux protocol; of src/ it takes three layers by their index.',
      severity: 'error',
      from: { path: '^data-mover/' },
      to: { path: '^src/', pathNot: '^src/mediaflux/(protocol|session|services)/index\\.ts$' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'A rule is a function of plain values: it may import rules, luxon, croner, zod and its own errors of shape, no I/O.',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: {
        pathNot: [
          '\\.rules\\.ts$',
          'node_modules/(luxon|croner|zod|@types/luxon)/',
          '^src/(time|schedule)/index\\.ts$',
        ],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.tsx?$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
