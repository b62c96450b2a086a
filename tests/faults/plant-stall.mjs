// Preloaded into a server under test: SIGUSR2 holds its event loop up for a second.
import process from 'node:process'

process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
})
