// The ceiling: node:http that answers given bytes and does nothing else. PORT and a JSON file with the answers by path.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import process from 'node:process'

const answers = JSON.parse(readFileSync(process.argv[3], 'utf8'))

createServer((request, response) => {
  const answer = answers[request.url]
  if (answer === undefined) return response.writeHead(404).end()
  response.writeHead(200, answer.headers).end(answer.body)
}).listen(Number(process.argv[2]), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
