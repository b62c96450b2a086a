// npm run pictures: the tests of the studio, which leave a picture of what they saw in docs/images/studio.
import { join } from 'node:path'
import process from 'node:process'
import { launch } from './launch.mjs'
import { root, setup } from './setup.mjs'

setup()
const env = { ...process.env, YAOPAI_PICTURES: join(root, 'docs', 'images', 'studio') }
launch('tools/testing/run.ts', ['tests/phone/studio'], { env })
