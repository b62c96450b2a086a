import type { SpawnSyncOptions, SpawnSyncReturns } from 'node:child_process'

export declare const root: string
export declare function setup(folder?: string): void
export declare function nodeComplaint(version: string): string | undefined
export declare function staleReason(folder: string): string | undefined
export declare function npm(args: string[], options: SpawnSyncOptions): SpawnSyncReturns<string | Buffer>
