// node tools/run.mjs tools/x.ts …: sets up, then runs the program from source.
import process from 'node:process'
import { launch } from './launch.mjs'
import { setup } from './setup.mjs'

const [script, ...args] = process.argv.slice(2)
setup()
launch(script, args)
