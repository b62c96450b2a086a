import { Button, Text, View } from '@tarojs/components'
import { useLoad } from '@tarojs/taro'
import { useState } from 'react'
import { yaopai } from '../../yaopai'
import styles from './index.module.css'

const teas = ['Longjing', "Pu'er", 'Tieguanyin']

export default function Cart() {
  const [cart, setCart] = useState([])
  const [of, setOf] = useState('')

  useLoad(async (query) => {
    setOf(decodeURIComponent(query.of))
    const { data } = await yaopai.request({ url: '/cart' })
    setCart(data.cart)
  })

  const add = async () => {
    const item = teas[cart.length % teas.length]
    const { data } = await yaopai.request({ url: '/cart', method: 'POST', data: { item } })
    setCart(data.cart)
  }

  return (
    <View className={styles.page}>
      <Text className="of">{of}</Text>
      {cart.map((tea, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cart only grows
        <View key={index} className={index === 0 ? `tea ${styles.first}` : 'tea'}>
          {index + 1}. {tea}
          {index === cart.length - 1 && <Text className="newest"> (newest)</Text>}
        </View>
      ))}
      {cart.length === 0 && <Text className="none">empty</Text>}
      <Button className="add" onClick={add}>
        Add
      </Button>
    </View>
  )
}
