/// The unit of ``Fraction``.
public enum FractionUnit: FixedUnit {}

/// A plain ratio in steps of 1e-8, as settings state it: `"0.0025"` is 25 basis points.
public typealias Fraction = Fixed<FractionUnit>
