import { createYaopai } from '@yaopai/miniprogram'

export const yaopai = createYaopai({
  baseUrl: import.meta.env.VITE_SHOP_URL,
  authUrl: import.meta.env.VITE_YAOPAI_URL,
})
