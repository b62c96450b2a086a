import type { TestContext } from 'node:test'
import type { TestServer } from './mysql-server.ts'

/** A connection beside those of a store, as another node would hold one. */
export interface OtherNode {
  ask(text: string): Promise<Record<string, unknown>[]>
}

export async function openOtherNode(
  t: TestContext,
  server: TestServer,
  database: string,
): Promise<OtherNode> {
  const pool = server.pool(database)
  const connection = await pool.promise().getConnection()
  t.after(async () => {
    connection.destroy()
    await pool.promise().end()
  })
  return { ask: async (text) => (await connection.query(text))[0] as Record<string, unknown>[] }
}

/** Asks the server until one of its connections waits for a row, and gives the number of that connection. */
export async function untilSomebodyWaits(node: OtherNode): Promise<number> {
  for (;;) {
    const [waits] = await node.ask(`SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'`)
    if (Number(waits?.['Value']) > 0) break
  }
  const [waiting] = await node.ask(
    `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND ID <> CONNECTION_ID()`,
  )
  return Number(waiting?.['id'])
}
