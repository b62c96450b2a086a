import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCircuit } from './circuit.ts'

test('[R18] the first failure opens the circuit, once a second one tries, and the first success closes it', () => {
  const told: string[] = []
  let nowMs = 5
  const circuit = createCircuit({
    nowMs: () => nowMs,
    onOpen: (cause) => told.push(`open: ${cause}`),
    onClose: () => told.push('closed'),
  })
  assert.deepEqual([circuit.isOpen, circuit.claimProbe()], [false, false])
  circuit.failed('gone')
  circuit.failed('gone still')
  assert.deepEqual([circuit.isOpen, circuit.claimProbe()], [true, false])
  nowMs += 1_000
  assert.deepEqual([circuit.claimProbe(), circuit.claimProbe()], [true, false])
  circuit.failed('again')
  nowMs += 999
  assert.equal(circuit.claimProbe(), false)
  nowMs += 1
  assert.equal(circuit.claimProbe(), true)
  circuit.succeeded()
  circuit.succeeded()
  assert.equal(circuit.isOpen, false)
  assert.deepEqual(told, ['open: gone', 'closed'])
})
