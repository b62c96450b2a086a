/* global SHOP_URL, YAOPAI_URL */
import { createYaopai } from '@yaopai/miniprogram'

export const yaopai = createYaopai({ baseUrl: SHOP_URL, authUrl: YAOPAI_URL })
