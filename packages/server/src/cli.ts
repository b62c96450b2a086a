#!/usr/bin/env node
import process from 'node:process'

// Node 20 opens its debugger at SIGUSR1, to everybody on this machine, unless somebody listens to the signal.
if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined)

// `yaopai users list | head`: whoever reads may go before all is said, and what was done is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const args = process.argv.slice(2)
if (args.length === 1 && args[0] === 'serve') {
  // A server starts without what reads the other command lines.
  const { runAction } = await import('./cli/run-action.ts')
  const { serve } = await import('./cli/serve.ts')
  process.exitCode = await runAction(serve, false)
} else {
  const { runCli } = await import('./cli/run-cli.ts')
  process.exitCode = await runCli(args)
}
