// npm start: the main job on embedded defaults.
import process from 'node:process'
import { launch } from './launch.mjs'
import { setup } from './setup.mjs'

setup()
launch('tools/demo.ts', process.argv.slice(2))
