// npm test: sets up, brings the system packages where all groups are required, runs the groups.
import process from 'node:process'
import { launch } from './launch.mjs'
import { setup } from './setup.mjs'
import { installSystemPackages } from './system-packages.mjs'

setup()
if (process.env.YAOPAI_REQUIRE === 'all') installSystemPackages()
launch('tools/testing/run.ts', process.argv.slice(2))
