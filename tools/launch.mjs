// Runs one of our TypeScript programs from source in a child Node, hands on signals and its exit code.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { root } from './setup.mjs'

export const sourceFlags = ['--conditions=yaopai-source', '--import', 'tsx']

const windows = process.platform === 'win32'
const sameSignalWithinMs = 500
const shellWatchMs = 250

/** Starts `script` (a path from the repository root) and ends this process as it ends. */
export function launch(script, args = [], { node = process.execPath, env = process.env } = {}) {
  const guard = pathToFileURL(join(root, 'tools', 'end-with-parent.mjs')).href
  const child = spawn(node, [...sourceFlags, '--import', guard, join(root, script), ...args], {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Its own process group: a terminal's Ctrl-C reaches it once, through us, and not once per ancestor.
    detached: !windows,
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) handOn(signal, child)
  if (env.npm_lifecycle_event) endWithNpm(child)
  child.on('error', (error) => {
    console.error(`Could not start ${script}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

// npm and the terminal both send Ctrl-C here; two within half a second are one.
function handOn(signal, child) {
  let lastAtMs = 0
  process.on(signal, () => {
    const nowMs = Date.now()
    if (nowMs - lastAtMs < sameSignalWithinMs) return
    lastAtMs = nowMs
    // On Windows the console tells the child itself, and kill() would end it at once.
    if (!windows) child.kill(signal)
  })
}

// Told to end by SIGTERM, npm ends the shell between us, and that one tells nobody: see that it is gone.
function endWithNpm(child) {
  const shell = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(timer)
    child.kill('SIGTERM')
  }, shellWatchMs)
  timer.unref()
}
