// Preloaded into what launch.mjs starts: when the launcher dies without a word (kill -9), end cleanly.
import process from 'node:process'

if (process.channel) {
  process.channel.unref()
  process.on('disconnect', () => {
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143)
  })
}
