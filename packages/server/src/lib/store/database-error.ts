/** A database that the server cannot run on, or not any longer. `exitCode` is for the process that gives up. */
export class DatabaseError extends Error {
  readonly exitCode: 65 | 70 | 78

  constructor(message: string, exitCode: 65 | 70 | 78, cause?: unknown) {
    super(message, { cause })
    this.name = new.target.name
    this.exitCode = exitCode
  }
}
