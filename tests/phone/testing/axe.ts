import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const source = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))

interface Finding {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe finds in a page as it is now: a line for each fault. Animations are over first. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.all(ending.map((one) => one.finished))
  })
  // Evaluated, not added as a script: the page's rule would not let it in.
  await page.evaluate(await readFile(source, 'utf8'))
  const results = (await page.evaluate('axe.run()')) as { violations: Finding[] } // as axe documents it
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}
