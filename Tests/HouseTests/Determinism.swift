/// A rule over the source of the core modules, with what it must catch and what it must pass.
struct DeterminismRule: Sendable, CustomStringConvertible {
  let id: String
  let advice: String
  /// Each must be found.
  let caught: [String]
  /// Each must not.
  let passed: [String]
  /// The indices of the tokens at fault.
  let find: @Sendable (SourceCode) -> [Int]

  var description: String { id }
}

enum Determinism {
  /// Every rule that looks at one file alone; ``HashOrder`` needs the whole module.
  static let rules = [
    clocks, randomness, identity, concurrency, hashing, vanishing, libm, traps, lifetimes,
    parallelArithmetic, environment,
  ]

  static func findings(in file: SourceFile) -> [Finding] {
    let code = SourceCode(file.text)
    return rules.flatMap { rule in
      rule.find(code).map { index in
        Finding(
          path: file.path, line: code.tokens[index].line, rule: rule.id,
          message: "`\(code[index])`: \(rule.advice)")
      }
    }
  }

  /// The indices of words of `words` for which `holds` does.
  private static func indices(
    of words: Set<String>, in code: SourceCode,
    where holds: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    code.tokens.indices.filter { index in
      code.tokens[index].isWord && words.contains(code[index]) && holds(index)
    }
  }

  private static let clocks = DeterminismRule(
    id: "clock", advice: "time is a field of every input",
    caught: [
      "let now = Date()", "let t = Date.now", "ContinuousClock().now", "SuspendingClock()",
      "DispatchTime.now()", "clock_gettime(CLOCK_REALTIME, &t)", "gettimeofday(&t, nil)",
      "let x = \"\\(Date())\"", "time(nil)", "usleep(10)",
    ],
    passed: [
      "// Date() is banned", "let text = \"Date()\"", "func openDate() {}", "date.start",
      "let date: CivilDate", "quote.time", "init(time: Instant)", "func f(time: Instant)",
      "time(of: row)", "time(&cursor)",
    ],
    find: { code in
      indices(
        of: [
          "Date", "ContinuousClock", "SuspendingClock", "DispatchTime", "DispatchWallTime",
          "clock_gettime", "gettimeofday", "timespec_get", "localtime", "mktime", "nanosleep",
          "usleep",
        ], in: code)
        + indices(of: ["time"], in: code) { index in
          code.matches(["(", "nil", ")"], at: index + 1)
        }
    })

  private static let randomness = DeterminismRule(
    id: "random", advice: "choices come from a stream of `Choice`",
    caught: [
      "Int.random(in: 0..<3)", "Bool.random()", "var g = SystemRandomNumberGenerator()",
      "list.shuffled()", "list.shuffled(using: &g)", "list.shuffle()", "list.shuffle(using: &g)",
      "list.randomElement()", "arc4random()", "getentropy(p, 8)", "drand48()",
    ],
    passed: [
      "stream.shuffle(&list)", "let random = 4", "stream.draw(below: 3)", "case random",
      "func shuffle<T>(_ list: inout [T]) {}",
    ],
    find: { code in
      indices(
        of: [
          "SystemRandomNumberGenerator", "shuffled", "randomElement", "arc4random",
          "arc4random_uniform", "arc4random_buf", "getentropy", "getrandom", "drand48", "srand",
        ], in: code)
        + indices(of: ["random"], in: code) { code[$0 - 1] == "." && code[$0 + 1] == "(" }
        + indices(of: ["shuffle"], in: code) { index in
          code[index - 1] == "." && code[index + 1] == "("
            && [")", "using"].contains(code[index + 2])
        }
    })

  private static let identity = DeterminismRule(
    id: "identity", advice: "ids are functions of the run",
    caught: ["let id = UUID()", "ObjectIdentifier(self)", "UUID.init()", "getpid()"],
    passed: ["let uuid = 3", "struct ClientOrderID {}"],
    find: { code in
      indices(
        of: ["UUID", "NSUUID", "ObjectIdentifier", "getpid", "pthread_self"], in: code)
    })

  private static let concurrency = DeterminismRule(
    id: "concurrency", advice: "the core is synchronous; a host drives it",
    caught: [
      "Task { work() }", "func load() async {}", "await load()", "actor Book {}",
      "public actor Book {}", "@MainActor func f() {}", "withTaskGroup(of: Int.self) { _ in }",
      "DispatchQueue.main", "Thread.sleep(1)", "let lock = Mutex(0)", "AsyncStream<Int>",
    ],
    passed: [
      "let task = 1", "let actor = 3", "case actor", "thread.id", "job.actor", "mutex",
    ],
    find: { code in
      indices(
        of: [
          "Task", "TaskGroup", "ThrowingTaskGroup", "async", "await", "MainActor",
          "withTaskGroup", "withThrowingTaskGroup", "DispatchQueue", "Thread", "Mutex", "Atomic",
          "AsyncStream", "AsyncSequence", "NSLock", "pthread_create",
        ], in: code)
        + indices(of: ["actor"], in: code) { index in
          let before = code[index - 1]
          return code.tokens.indices.contains(index + 1) && code.tokens[index + 1].isWord
            && ![".", "case", "let", "var", "in"].contains(before)
        }
    })

  private static let hashing = DeterminismRule(
    id: "hash-value", advice: "hashes differ from process to process; use `Digest`",
    caught: ["let h = id.hashValue", "var hasher = Hasher()", "_ = hasher.finalize()"],
    passed: [
      "func hash(into hasher: inout Hasher) { hasher.combine(id) }", "struct A: Hashable {}",
      "digest.finalize(&x)", "hash.finalize()",
    ],
    find: { code in
      indices(of: ["hashValue"], in: code)
        + indices(of: ["Hasher"], in: code) { code[$0 - 1] != "inout" }
        + indices(of: ["finalize"], in: code) { code[$0 - 2] == "hasher" }
    })

  private static let vanishing = DeterminismRule(
    id: "assert", advice: "it vanishes in release; use `precondition` or a typed error",
    caught: [
      "assert(x > 0)", "assertionFailure()", "assert( a == b, \"no\")", "#if DEBUG\n#endif",
    ],
    passed: ["precondition(x > 0)", "asserted(x)", "// assert(x)", "let assert = 1"],
    find: { code in
      indices(of: ["assert", "assertionFailure", "debugOnly"], in: code) { code[$0 + 1] == "(" }
        + indices(of: ["DEBUG"], in: code)
    })

  private static let libm = DeterminismRule(
    id: "libm", advice: "the C library differs between processors; use `ln`, `exp` or integers",
    caught: [
      "let y = log(x)", "pow(2, 3)", "sin(x) + 1", "tanh(x)", "exp2(x)", "Foundation.exp(x)",
      "hypot(a, b)", "log1p(x)",
    ],
    passed: [
      "ln(x)", "exp(x)", "Market.exp(x)", "x.squareRoot()", "recorder.log(x)", "func log(_ x: Int)",
      "let log: [Int]", "power(2)",
    ],
    find: { code in
      let names: Set = [
        "log", "log2", "log10", "log1p", "pow", "exp2", "exp10", "expm1", "sin", "cos", "tan",
        "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf",
        "erfc", "tgamma", "lgamma", "cbrt", "hypot", "sincos",
      ]
      let libraries: Set = ["Foundation", "Glibc", "Darwin", "Musl"]
      return indices(of: names, in: code) { index in
        code[index + 1] == "("
          && (![".", "func"].contains(code[index - 1]) || libraries.contains(code[index - 2]))
      }
        + indices(of: ["exp"], in: code) { index in
          code[index - 1] == "." && libraries.contains(code[index - 2])
        }
    })

  private static let traps = DeterminismRule(
    id: "trap", advice: "bad input is an error, never a trap",
    caught: ["fatalError()", "try! load()", "x as! Int", "unsafeBitCast(x, to: Int.self)"],
    passed: ["try? load()", "x as? Int", "precondition(true)", "try load()", "fatalErrors(1)"],
    find: { code in
      indices(of: ["fatalError", "unsafeBitCast", "unsafeDowncast"], in: code)
        + indices(of: ["try", "as"], in: code) { code[$0 + 1] == "!" }
    })

  private static let lifetimes = DeterminismRule(
    id: "lifetime", advice: "when an object dies differs between builds",
    caught: ["deinit { close() }", "weak var owner: Owner?", "unowned let owner: Owner"],
    passed: ["let weak = 1", "initial.deinitialize()", "case weak", "x.weak"],
    find: { code in
      indices(of: ["deinit"], in: code) { code[$0 + 1] == "{" }
        + indices(of: ["weak", "unowned"], in: code) { index in
          ["var", "let", "("].contains(code[index + 1]) && code[index - 1] != "."
        }
    })

  private static let parallelArithmetic = DeterminismRule(
    id: "simd-float", advice: "the order of a vector sum is not fixed",
    caught: ["let v = SIMD4<Double>(0, 0, 0, 0)", "SIMD8<Float>()"],
    passed: ["SIMD16<UInt8>()", "let simd = 1"],
    find: { code in
      code.tokens.indices.filter { index in
        code[index].hasPrefix("SIMD") && code[index + 1] == "<"
          && ["Double", "Float", "Float16"].contains(code[index + 2])
      }
    })

  private static let environment = DeterminismRule(
    id: "environment", advice: "a run follows from build, configuration, scenario and choices",
    caught: [
      "getenv(\"HOME\")", "ProcessInfo.processInfo", "CommandLine.arguments", "Locale.current",
      "TimeZone.current", "Calendar.current", "print(Locale.autoupdatingCurrent)",
      "nonisolated(unsafe) var count = 0",
    ],
    passed: ["environment.value", "let locale = 1", "nonisolated(nonsending) func f() {}"],
    find: { code in
      indices(
        of: [
          "getenv", "ProcessInfo", "CommandLine", "Locale", "TimeZone", "Calendar", "setlocale",
        ], in: code)
        + indices(of: ["nonisolated"], in: code) { code.matches(["(", "unsafe", ")"], at: $0 + 1) }
    })
}
