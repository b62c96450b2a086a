import type { DiskStep } from './disk-log.ts'
import type { Draw } from './draw.ts'

/** What one file holds for sure, and what was written since its last sync, in order. */
interface CrashFile {
  readonly durable: Content
  pending: DiskStep[]
}

interface Content {
  bytes: Buffer
  size: number
}

/** A disk that forgets, when the power goes, any part of what was not synced. */
export class CrashDisk {
  readonly #files = new Map<string, CrashFile>()

  apply(step: DiskStep): void {
    if (step.kind === 'said') return
    if (step.kind === 'remove') {
      this.#files.delete(step.file)
      return
    }
    const file = this.#files.get(step.file) ?? { durable: { bytes: Buffer.alloc(0), size: 0 }, pending: [] }
    this.#files.set(step.file, file)
    if (step.kind !== 'sync') file.pending.push(step)
    else {
      for (const one of file.pending) put(file.durable, one)
      file.pending = []
    }
  }

  /** The files as they may be found after the power went now: each unsynced write whole, torn, or not there at all. */
  lose(draw: Draw): Map<string, Buffer> {
    // Half of the times all is lost: what a lucky order would hide.
    const keeps = draw.pick([0, 0, 0.5, 0.9])
    const found = new Map<string, Buffer>()
    for (const [name, { durable, pending }] of this.#files) {
      const content = { bytes: Buffer.from(durable.bytes.subarray(0, durable.size)), size: durable.size }
      for (const step of pending) if (draw.chance(keeps)) put(content, torn(step, draw))
      if (content.size > 0) found.set(name, content.bytes.subarray(0, content.size))
    }
    return found
  }
}

const SECTOR = 512

/** One in four writes stops at the end of a sector. */
function torn(step: DiskStep, draw: Draw): DiskStep {
  if (step.kind !== 'write' || step.bytes.length <= SECTOR || !draw.chance(0.25)) return step
  const sectors = draw.whole(1, Math.floor(step.bytes.length / SECTOR))
  return { ...step, bytes: step.bytes.subarray(0, sectors * SECTOR) }
}

/** Grows in place: a log of megabytes must not be copied for each page that is written to it. */
function put(content: Content, step: DiskStep): void {
  if (step.kind === 'cut') {
    if (step.size > content.size) reserve(content, step.size)
    content.bytes.fill(0, Math.min(step.size, content.size))
    content.size = step.size
  }
  if (step.kind !== 'write') return
  const end = step.at + step.bytes.length
  reserve(content, end)
  step.bytes.copy(content.bytes, step.at)
  content.size = Math.max(content.size, end)
}

function reserve(content: Content, size: number): void {
  if (size <= content.bytes.length) return
  const grown = Buffer.alloc(Math.max(size, 2 * content.bytes.length))
  content.bytes.copy(grown, 0, 0, content.size)
  content.bytes = grown
}
