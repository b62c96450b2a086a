#!/usr/bin/env node
import process from 'node:process'

// Node 20 opens its debugger at SIGUSR1, to everybody on this machine, unless somebody listens to the signal.
if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined)

const { runCli } = await import('./cli/run-cli.ts')
process.exitCode = await runCli(process.argv.slice(2))
