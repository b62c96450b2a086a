// Run inside a network namespace: leads from one address to another, as in `node relay.mjs 198.18.0.2:80 127.0.0.1:80`.
import { connect, createServer } from 'node:net'
import process from 'node:process'

const [from, to] = process.argv.slice(2).map((place) => {
  const [host, port] = place.split(':')
  return { host, port: Number(port) }
})

createServer((client) => {
  const server = connect(to)
  for (const [one, other] of [
    [client, server],
    [server, client],
  ]) {
    one.pipe(other)
    one.on('error', () => other.destroy()).on('close', () => other.destroy())
  }
}).listen(from, () => process.stdout.write('ready\n'))
