// Goes into the bundle: its parts lie in dist/bundle/, and what is read beside the code in dist/lib/. The one place that
// may not say `import.meta.url`, since that is what becomes `ownUrl` everywhere.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const ownUrl = pathToFileURL(join(import.meta.dirname, '../lib/own-files.js')).href
