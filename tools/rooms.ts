// npm run rooms: the rules of the house that neither the compiler nor Biome knows.
import process from 'node:process'
import { checkRooms, printable } from './rooms/check.ts'
import { root } from './setup.mjs'

const findings = checkRooms(root)
for (const finding of findings) console.log(printable(finding))
console.log(findings.length === 0 ? 'Rooms: all rules hold.' : `Rooms: ${findings.length} broken rules.`)
process.exitCode = findings.length === 0 ? 0 : 1
