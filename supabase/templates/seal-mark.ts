/**
 * The mark in our mails: seal-mark.svg as a PNG of 96 pixels (shown at 40), made once by Chromium. In the source, since a
 * deployed edge function is one file; attached to each mail, since nothing in a mail is loaded from anywhere.
 */
import { type Bytes, fromB64 } from "@sealpost/shared/bytes.ts";

/** The Content-ID by which the HTML names it. */
export const SEAL_CID = "seal@sealpost";

/** The PNG. */
export function sealMarkPng(): Bytes {
  const png = fromB64(PNG_B64.join(""));
  if (png === undefined) throw new Error("the mark in the source is damaged");
  return png;
}

const PNG_B64 = [
  "iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAYAAADimHc4AAALHUlEQVR4nOydeXgU5R3Hv++7GyBBblDMjaAiJAsi1qtiraXPY7Va",
  "i4JHL9GqrZYnF57Uh1q1HslG0SqKBSsoiBWQyyByQy22WBIiIKKEJUFOQe6Q3fn1fQdCIXvMvLO72Vkynz+ym3d+O/PO+31/77zX",
  "vC+HQ0LhcEgojgAJxhEgwbiRhJRleC5lHLngLEMP0KiOEzYV1FatRJLBkCSU5XiGiI/hDOwn4WwIdIQRZlOAPVZcV7kBSYDtBfBm",
  "ea4EY6+KmPZV+R2R9lLKgcOjRny7cR9sjK0FKMvu9wxjeAiWoe1ErKTYVzkJNsWWApRm9+nD4R4rcv6ViAWEOdAaflVUu/Zb2Azb",
  "1YK82fl/4Szl85glvoThOnB3pfCo62EzbOMBIuF/ROAviiKnD+IIEeYzCjxatKX6P7ABCRXgtfSL0g66Gm4Quf0BEZMr0IwQ0Tzh",
  "/m98x/fNHl1TcwQJolkFELn8HArwHLjoUnHpy8XFrxExSEUCEUIcFF63DMR8xMjHxWeAtM2uBpevcNvqGsSZuAggq47EcK2os/ck",
  "IFNcpIe40tlIRoiWiT+LxLdl+/j+5bH2lpgK4M3x3CVy0sPirL1wGiIaevtFi7sszZ/y/L1bVx1CDIiJAKXp+b15CpsmTncBWgKE",
  "L8kfuKZ4a/UWREnUApRn5v1Ac7lmiBN1QEuC8I3m135YsnXNekRBVAJ4M/PzibNPGGNt0RIhquVHtIEFO6q3wyKWG2Lluf07gvMP",
  "W2ziSxjL1NrwuYgCywJomlYg/CcDLR3GBnhz8m+HRSwJ4M3MTBUXLoDDcdjjsIglAYh1HtziHroRYee/kJnngQWsFUEs/KBIS0Vz",
  "sRtgAYvPABoIh1MhfiksYGlMWNR8LoJDUwbAAsoeMCbDkwmHYERf17Ndz28HRZQFOOpiuXAIiSut1XlQRLkIErWfXETJVY+PxIDh",
  "d8BOfDb+bSx54nlEg+jKPld8rFL6DRRhTMtFlMgbXf3mZNiF/054J+rElxBHTyiiXgsino8YsGj0s6icNBWJRsZh8Z+eQyxghP5Q",
  "xEotyNLTPhQLRz2tf/b7xVAkApn4jXGICYwpV89dKsZl6XlZzMX/jBiyaeEytEvvjjP79kZzUj11BhY8EtNbkXS8tu1ZUyr2b99t",
  "9gdqRZCbD4EiOYMuM7SZ/+BoVE+ZhuZizeT39WsaYSbuTdHcuEvFXkkAMXh9HxS5YdwLyL7iEkO7+Q8/gep3ZyDeyGt8bCLnyzjL",
  "uKsixsDv/mu3PmeYtTctQGmW5zbZ6QRF3K1b48bxY5B12cWGtvMfGo11M6LqXo+IPLe8hhEyrjLOMu6qiF6CTvVt3CPM2psSYHRu",
  "bhvOmOV6mryRn735MtIHGlcSKgofi4sI8pzy3EbIOMq4Wkn8E3A28uWM3l1MmZoxak/tn4x28EXe0JCJY5Fx8YWRDYlQUfAo1s+Y",
  "g1ixbvoc/Zzy3JGQcZNxjCrxj9Gx3tX6RTOGhgJ4s/IGioKtCDHAndoGN731ijlPKPojNsydj2iR56goGmVoJ+Mk4ybjGAvE8/IO",
  "MWZ+lZFdRAFk0UOcT5QFG2JESmqqnsvSL4osAmka5vx+JDbM+QhW2TB7nn4Oo5wvE1/GScYtlpCLTTCyiShAe+rwCgOLeQW90RO6",
  "988ztJ37h4fx1fzFUEXm/LkjHjG0k3H4+cRXY5bzT0akXQ9vjuepSDZhBSjNzhssPu5EnGjVNg03v/06ul8YuWdDesLM3xZgY8VC",
  "mGVjxQI958vfRuLsAR49DrHO+afCHpXvO4Q7ysMfcJUjzqQIEaTrd+9n7Amz7ivCVx8tMrTbOG+hsC02tNNz/luv6nGIN5y5x4c9",
  "FiqwLKvfMNV3sqzS6oy2ehFgpiti1u9KULNkRdjjsqiaLct8A+S1hoicL6/dPLBLSrPyB4U6EtoDODXrlJPW7dvh5snjcGZe5Kml",
  "FAhg+q/vx6ZFy4KOyTBZVEmbSJzl6atfq1Uz5PyTEe2o4SHDmwaM6dyrvXh4WBpgjgZdhHdeN+UJM+8pPMUT5HcZZoSe8yeN1a+V",
  "AH4aKjBIgIZ2aYORIBo9oVufyD0eWoNf94SaJf9EzeIV+ncZFgnpXfLcCUp82TDo/HyWJ+hhFyQA03AWEkijJ3Ttfa6h7cx7CjD9",
  "N/cb2klBE5jzT+BmCHLvUM+AjkgwbTp2wC1T3kCX8yO/5xGoPwoj5DmkoPKciYaIspqGBQvA0QAboIsgiowu5yoPs56gq0j8oUJI",
  "OyS+hMSjuGlYKA+wzcvMqZ074eYp49CpZy5Ukb+55d2/oU2nhDv0CRjXtjUNCxYggDrYiLQunTH03fFKInTudQ6GTZ1gm5zfiEb4",
  "omlYkACBBiwTZVXkNnwzk9ZViDB1PDrkZBnaHsv5byC1SyfYCdEd+F2Jb03QnKEgAUZurzoonOVfsBnSE4b9YwI69sgJayMTX3qL",
  "tLUdRO+FCuahbell2JC23brithkT0ePq7wcd6/njq3HrtLd0b7EjnGneUOFh+/nLsj0bxTCA9SrIcQprViMe+FasxK51G8BcLnQT",
  "bYZME2POVijPVZ5rFYTI0DOLfVU3hjoWdmKW6Lt4UJRb78OmyFkLZmZbJByi3a4j2j3hDoftji7cXDlNX2fHISoIrCDSa6wRR8Tq",
  "of2SQNvgYBGqMFqtK6IAj/jW7BEuZHqOi8P/0VdhQcNwIzvDWRHFvjXvCS+I32yp0xRGrKRw87pvjOxMzQtK8eNeoWk9HEwhcv+q",
  "oi2VY83YmhJgRF1VLRG8cDAF17QS07ZmDVMOHHpGlmtwMIDWFdZWLzZrbVoAuQCqaLVNhENkNBqnYq72foCGD+AQEdK4UttJSYCi",
  "2qoKKHJw5y4kKwe27YAa5FNds9rCUgX0iYr15qVK5rYi0hykkBA+hSLKAoim9Wcq9kueLMPBHTuRbOzfug1Ln1Ks+DGqhCJWPKBG",
  "xfrInr14+7rb8PWCpTi0y3ZLNwchi8wvP/wYk667FfX79iv9lojXQBErr6lugiLypj646/Tv0RC9xzVQRNkDuAUBWgqtAmqlg0RZ",
  "ANf+QxvhEBLZYwBFlAWQDTLhapvhcCpESpWTRiytmMWI/g2HpihXQSXWFu0jckbKgrHUZW9JgNZawyy5YxEcdOScnyJf1SxYwJIA",
  "D9St380Ir8HhGETqaxocx+KqiYCf+0X3NJK3oydGiJJgh1YPy6sIWBbgwZq123igYXDLLorEKKEfNx6bTWgNywJICuvWruYB7Vrx",
  "dS9aIAzs9uK6qqimcUYlgESO/gRAA8SDSLkjKmkhqhX3O0CfOxUlMd3CRC5pwxgbFe+tqBKF3MKEESttfbjBe//OtQcQA+Kyic8L",
  "mZ5LNMauB6deICbnlOcm61L3equfsIEzmuo/gsnRlPehaNZtrMq798+F258Lzr5H4IP0He5sgF6bY1guvnwqEtoXIL7Z7W/wFWxd",
  "60OcSfhGbodSjt6kEbtTFF3XoHnZKxL87xTAlGgfpNFgm60M5SbNcOFZIcQgxBHRjbJH3HWZ/2D9mId2faE24hIHbLebqjc7bygx",
  "/pKo4p2JGCPKc+9R0p7U57zaBFtuZ1uec8HZhJTJInqGK06ZQZTxW0XiDyvxVS6HzbD1hs7lOZ67NcJzciVCWEQk/HiR60vslOtP",
  "xvZbmpemn9eVp6TKxZ1VF48SrXS6r6C2aiVsjO0FaKQso28/uF1Pi2dD+P1rCIeJYR4L0GtWJpElgqQR4GTKcvIuJ43ncM7S5f+k",
  "QXQN+L8u2fJ50o3UJaUApxNRd8Y5RIcjQIJxBEgw/wMAAP//7lB+CAAAAAZJREFUAwBFA68AMXHdHgAAAABJRU5ErkJggg==",
];
