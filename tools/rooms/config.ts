/**
 * The rooms of the house and what each may import: down, never up, never sideways. Paths are from the
 * repository root; `*` is anything within a folder's name, `**` anything at all. The first room that matches
 * a file is its room.
 */
export type Room = {
  name: string
  files: string[]
  /** Rooms whose files it may import, besides its own; `everything` names all. */
  mayImport: string[]
  /** Rooms of which it may import types alone. */
  mayImportTypesOf?: string[]
  /** The only modules from outside the repository that it may import; without it, any that are declared. */
  onlyModules?: string[]
  /** Folders directly below this one do not see each other. */
  separateBelow?: string
  /** Holds imports, re-exports and types alone. */
  thin?: boolean
  /** Becomes one file for browsers, which carries what it imports: development dependencies will do. */
  bundled?: boolean
}

export type RoomsConfig = {
  /** Where source is looked for. */
  sources: string[]
  /** Test code: not measured, and free to import any room. */
  tests: string[]
  /** Test code that users get, so that a public file may hand it out. */
  shippedTests?: string[]
  rooms: Room[]
  /** Packages that take nothing from another package of the repository, not even in tests. */
  aloof: string[]
  limits: { functionLines: number; longFunctionLines: number; nesting: number; fileLines: number }
}

const lib = 'packages/server/src/lib'
const leafNames = [
  'clock',
  'errors',
  'events',
  'hash-text',
  'ids',
  'json-scan',
  'load-soon',
  'network',
  'own-files',
  'protocol',
  'random',
  'records',
  'secret',
  'telemetry',
  'vault',
  'within',
]
const calculation = ['node:crypto', 'node:zlib', 'node:buffer', 'node:util']

export const roomsConfig: RoomsConfig = {
  sources: ['packages', 'examples', 'tests', 'bench', 'tools'],
  tests: [
    '**/*.test.ts',
    'tests/**',
    '**/test-support/**',
    'packages/**/testing/**',
    'examples/**/testing/**',
    `${lib}/store/contract*.ts`,
  ],
  shippedTests: [`${lib}/store/contract.ts`],
  aloof: ['packages/emulator'],
  limits: { functionLines: 40, longFunctionLines: 80, nesting: 3, fileLines: 300 },
  rooms: [
    { name: 'phone', files: ['packages/emulator/src/phone/**'], mayImport: ['emulator'], bundled: true },
    {
      name: 'studio',
      files: ['packages/emulator/src/studio/**'],
      mayImport: [],
      mayImportTypesOf: ['emulator', 'phone'],
      bundled: true,
    },
    { name: 'emulator', files: ['packages/emulator/**'], mayImport: [] },
    {
      name: 'main',
      files: [
        'packages/server/src/main.ts',
        'packages/server/src/main/**',
        'packages/server/src/cli.ts',
        'packages/server/src/cli/**',
      ],
      mayImport: ['everything'],
    },
    {
      name: 'leaves',
      files: [...leafNames.map((name) => `${lib}/${name}.ts`), 'packages/server/src/protocol.ts'],
      mayImport: [],
      mayImportTypesOf: ['config'],
    },
    {
      name: 'config',
      files: [`${lib}/config.ts`],
      mayImport: ['leaves'],
      mayImportTypesOf: ['session'],
    },
    { name: 'load-config', files: [`${lib}/load-config/**`], mayImport: ['session', 'config', 'leaves'] },
    { name: 'public', files: ['packages/server/src/*.ts'], mayImport: ['everything'], thin: true },
    {
      name: 'http',
      files: [`${lib}/http/**`],
      mayImport: ['verbs', 'port', 'wechat', 'identity', 'session', 'tier', 'config', 'leaves'],
    },
    {
      name: 'middleware',
      files: [`${lib}/middleware/**`],
      mayImport: ['verbs', 'port', 'identity', 'session', 'config', 'leaves'],
      separateBelow: `${lib}/middleware`,
    },
    { name: 'identity', files: [`${lib}/identity/**`], mayImport: ['leaves'], onlyModules: calculation },
    { name: 'session', files: [`${lib}/session/**`], mayImport: ['leaves'], onlyModules: calculation },
    { name: 'wechat', files: [`${lib}/wechat/**`], mayImport: ['config', 'leaves'] },
    { name: 'tier', files: [`${lib}/tier/**`], mayImport: ['config', 'leaves'] },
    {
      name: 'port',
      files: [`${lib}/store/*.ts`],
      mayImport: ['leaves'],
      mayImportTypesOf: ['identity', 'session'],
    },
    {
      name: 'sql',
      files: [`${lib}/store/sql/**`],
      mayImport: ['port', 'leaves'],
      mayImportTypesOf: ['identity', 'session'],
    },
    {
      name: 'sql-stores',
      files: [`${lib}/store/mysql/**`, `${lib}/store/postgres/**`],
      mayImport: ['sql', 'port', 'config', 'leaves'],
      mayImportTypesOf: ['identity', 'session'],
      separateBelow: `${lib}/store`,
    },
    {
      name: 'stores',
      files: [`${lib}/store/**`],
      mayImport: ['port', 'config', 'leaves'],
      mayImportTypesOf: ['identity', 'session'],
      separateBelow: `${lib}/store`,
    },
    {
      name: 'verbs',
      files: [`${lib}/*.ts`],
      mayImport: ['port', 'wechat', 'identity', 'session', 'tier', 'config', 'leaves'],
    },
    {
      name: 'miniprogram',
      files: ['packages/miniprogram/**'],
      mayImport: [],
      mayImportTypesOf: ['leaves'],
      onlyModules: [],
    },
    { name: 'examples', files: ['examples/**'], mayImport: [] },
    { name: 'workshop', files: ['tools/**', 'bench/**'], mayImport: ['everything'] },
  ],
}
