import { Button, Form, Image, Input, Text, View } from '@tarojs/components'
import Taro, { useDidShow } from '@tarojs/taro'
import { useState } from 'react'
import badge from '../../badge.svg'
import { yaopai } from '../../yaopai'
import styles from './index.module.css'

/** How often the page was opened on this phone. */
function countOpened() {
  const opened = Number(Taro.getStorageSync('opened') || 0) + 1
  Taro.setStorageSync('opened', opened)
  return opened
}

async function changeNickname(nickname) {
  const url = `${yaopai.authUrl}/me`
  await yaopai.request({ url, method: 'POST', data: { nickname }, idempotent: true })
}

export default function Index() {
  const [opened] = useState(countOpened)
  const [shop, setShop] = useState(null)
  const [why, setWhy] = useState(yaopai.signedOut)
  const [draft, setDraft] = useState('')

  const fail = ({ code }) => {
    setShop(null)
    setWhy(code)
  }
  const load = async () => {
    try {
      const { data } = await yaopai.request({ url: '/whoami' })
      setShop(data)
      setDraft(data.user.nickname ?? '')
      setWhy(null)
    } catch (error) {
      fail(error)
    }
  }
  useDidShow(load)
  const login = () => yaopai.login().then(load, fail)
  const logout = () => yaopai.logout().then(() => fail({ code: yaopai.signedOut }))
  const save = () => changeNickname(draft).then(load)
  const openCart = () => Taro.navigateTo({ url: `/pages/cart/index?of=${encodeURIComponent(shop.greeting)}` })

  if (why) {
    return (
      <Button className="login" type="primary" onClick={login}>
        Log in ({why})
      </Button>
    )
  }
  if (!shop) return <Text className="wait">…</Text>
  return (
    <View className={styles.page}>
      <Image className={`picture ${styles.picture}`} src={badge} />
      <Text className={`name ${styles.name}`}>{shop.user.nickname || 'nobody yet'}</Text>
      <Text className="greeting">{shop.greeting}</Text>
      <Text className="visits">
        visit {shop.visits}, start {opened}
      </Text>
      <Button className="leave" size="mini" onClick={logout}>
        Log out
      </Button>
      <Form onSubmit={save}>
        <Input
          className="nickname"
          name="nickname"
          type="nickname"
          placeholder="Nickname"
          value={draft}
          onInput={({ detail }) => setDraft(detail.value)}
        />
        <Button className="save" formType="submit">
          Save
        </Button>
      </Form>
      <Button className="cart" onClick={openCart}>
        Cart
      </Button>
    </View>
  )
}
