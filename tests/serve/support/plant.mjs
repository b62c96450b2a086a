// Preloaded into a server under test: at SIGUSR2 something fails that nobody waits for.
import process from 'node:process'

process.on('SIGUSR2', () => {
  Promise.reject(new Error('planted, with Bearer yp1_0123456789abcdefghij'))
})
