// Natural logarithm and exponential of our own. The C library's differ in the last bits from one
// processor to another; these use only `+ − × ÷` and bit patterns, which IEEE 754 fixes, so every
// machine and build gives the same bits. Both stay within 0.8 of a unit in the last place of the
// exact value: the tests measure the distance against an 80-bit reference and hold it to that.

/// The upper part of ln 2: its last 21 bits are zero, so that times an exponent it is exact.
private let ln2High = Double(bitPattern: 0x3fe6_2e42_fee0_0000)
/// What ``ln2High`` lacks of ln 2.
private let ln2Low = Double(bitPattern: 0x3dea_39ef_3579_3c76)
/// 1 / ln 2.
private let inverseLn2 = Double(bitPattern: 0x3ff7_1547_652b_82fe)

/// The natural logarithm, the same bits on every machine; within 0.8 of a unit in the last place.
///
/// Zero of either sign gives −∞, a negative number or NaN gives NaN, +∞ itself.
public func ln(_ value: Double) -> Double {
  guard value > 0 else { return value == 0 ? -.infinity : .nan }
  guard value < .infinity else { return value }
  var scaled = value
  var exponent = 0.0
  if value < .leastNormalMagnitude {
    scaled *= 0x1p54
    exponent = -54
  }
  // value = 2^exponent · m, with m from √½ to √2.
  let pattern = scaled.bitPattern
  exponent += Double(Int64(pattern >> 52) - 1_023)
  var m = Double(bitPattern: pattern & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000)
  if m > 1.414_213_562_373_095_1 {
    m *= 0.5
    exponent += 1
  }
  // With f = m − 1 and s = f ÷ (2 + f): ln m = 2·artanh s = 2s + s·tail, tail = 2(s²/3 + s⁴/5 + …),
  // and 2s = f − f²/2 + s·f²/2, which keeps the large term exact. |s| ≤ 0.1716.
  let f = m - 1
  let s = f / (2 + f)
  let z = s * s
  var tail = 2.0 / 25
  tail = 2.0 / 23 + z * tail
  tail = 2.0 / 21 + z * tail
  tail = 2.0 / 19 + z * tail
  tail = 2.0 / 17 + z * tail
  tail = 2.0 / 15 + z * tail
  tail = 2.0 / 13 + z * tail
  tail = 2.0 / 11 + z * tail
  tail = 2.0 / 9 + z * tail
  tail = 2.0 / 7 + z * tail
  tail = 2.0 / 5 + z * tail
  tail = 2.0 / 3 + z * tail
  tail *= z
  let half = 0.5 * f * f
  guard exponent != 0 else { return f - (half - s * (half + tail)) }
  // |large| is at least ln 2 and so above |f|: what their sum loses is exactly `lost`.
  let large = exponent * ln2High
  let sum = large + f
  let lost = (large - sum) + f
  return sum + (lost - (half - (s * (half + tail) + exponent * ln2Low)))
}

/// The exponential, the same bits on every machine; within 0.8 of a unit in the last place.
///
/// Beyond about 709.78 it is +∞ and below about −745.13 zero; NaN gives NaN.
public func exp(_ value: Double) -> Double {
  guard !value.isNaN else { return .nan }
  guard value <= 709.782_712_893_384 else { return .infinity }
  guard value > -745.133_219_101_941_3 else { return 0 }
  // value = k·ln 2 + r, |r| ≤ ½·ln 2. Adding and taking away 1.5·2⁵² rounds to a whole number.
  let k = (value * inverseLn2 + 0x1.8p52) - 0x1.8p52
  let high = value - k * ln2High
  let low = k * ln2Low
  let r = high - low
  // e^r = 1 + r + r²·(1/2! + r/3! + … + r¹³/15!), by Horner; what is left out is below 2⁻⁶⁴.
  var tail = 1.0 / 1_307_674_368_000
  tail = 1.0 / 87_178_291_200 + r * tail
  tail = 1.0 / 6_227_020_800 + r * tail
  tail = 1.0 / 479_001_600 + r * tail
  tail = 1.0 / 39_916_800 + r * tail
  tail = 1.0 / 3_628_800 + r * tail
  tail = 1.0 / 362_880 + r * tail
  tail = 1.0 / 40_320 + r * tail
  tail = 1.0 / 5_040 + r * tail
  tail = 1.0 / 720 + r * tail
  tail = 1.0 / 120 + r * tail
  tail = 1.0 / 24 + r * tail
  tail = 1.0 / 6 + r * tail
  tail = 1.0 / 2 + r * tail
  // |high| is below 1: what their sum loses is exactly `lost`.
  let sum = 1 + high
  let lost = (1 - sum) + high
  let power = sum + (lost + (r * r * tail - low))
  // Two steps keep the scale in range, and round once where the result is subnormal.
  let exponent = Int64(k)
  if exponent > 1_023 { return power * 2 * Double(bitPattern: UInt64(exponent - 1 + 1_023) << 52) }
  if exponent < -1_021 {
    return power * Double(bitPattern: UInt64(exponent + 54 + 1_023) << 52) * 0x1p-54
  }
  return power * Double(bitPattern: UInt64(exponent + 1_023) << 52)
}
