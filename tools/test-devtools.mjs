// npm run test:devtools: WeChat's own builder packs the client, and what comes out logs in. On demand, since the
// builder brings a thousand packages into a folder of its own.
import { join } from 'node:path'
import { launch } from './launch.mjs'
import { root, setup } from './setup.mjs'

setup()
setup(join(root, 'tools', 'devtools'))
launch('tools/devtools/devtools.test.ts')
