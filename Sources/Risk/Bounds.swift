/// The largest values that rules accept; anything beyond is refused before the first operation.
///
/// They are far above any real account and far enough below the types that every intermediate of
/// every rule fits: numbers in `Int64` (9.2e18), products in `Int128` (1.7e38).
public enum Bounds {
  /// 10 million quote units a coin: a hundred times the dearest perpetual of 2026.
  ///
  /// Two prices with their costs in units of 1e-5 stay below 5e20.
  @inlinable @inline(__always) public static var largestPrice: Int64 { 1_000_000_000_000_000 }

  /// 1 billion coins: above any order that a venue's tiers margin.
  ///
  /// Times the largest price: 1e32; times the costs of a coin: 5e37, the largest of all products.
  @inlinable @inline(__always) public static var largestQuantity: Int64 {
    100_000_000_000_000_000
  }

  /// 10 billion quote units: nine amounts of it add without leaving `Int64`.
  @inlinable @inline(__always) public static var largestMoney: Int64 { 1_000_000_000_000_000_000 }

  /// The year 2116 in nanoseconds since 1970: an age or a pause added to it fits.
  @inlinable @inline(__always) public static var latestInstant: Int64 {
    4_611_686_018_427_387_904
  }

  /// A week in nanoseconds: above any pause that a limit allows.
  @inlinable @inline(__always) public static var longestPause: Int64 { 604_800_000_000_000 }

  /// One million: above any count of positions, orders or failures.
  @inlinable @inline(__always) public static var largestCount: Int64 { 1_000_000 }

  /// 10 % of a notional in units of 1e-5: above any venue's fee.
  @inlinable @inline(__always) public static var largestFeeTenthsOfBasisPoint: Int64 { 10_000 }

  /// 100 % of a notional in units of 1e-10: venues cap funding at a few per cent an hour.
  @inlinable @inline(__always) public static var largestFundingRate: Int64 { 10_000_000_000 }

  /// 1,000 times, as a venue's instrument may offer.
  @inlinable @inline(__always) public static var largestLeverage: Int64 { 1_000 }
}
