/// A whole HTTP request as plain data.
public struct ServerRequest: Hashable, Sendable {
  /// The verb, upper case: `GET`.
  public let method: String
  /// The path without its query, as it was sent: `/info`.
  public let path: String
  /// What followed `?`; empty without.
  public let query: String
  /// The header fields in their order.
  public let fields: [ServerField]
  /// The body; empty without.
  public let body: [UInt8]

  /// Makes a request.
  public init(
    method: String, path: String, query: String = "", fields: [ServerField] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
  }

  /// Path and query together, as they were sent.
  public var target: String { query.isEmpty ? path : "\(path)?\(query)" }

  /// The value of the first field called `name`, whose case does not matter.
  public func field(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// One header field.
public struct ServerField: Hashable, Sendable {
  /// Its name, as sent.
  public let name: String
  /// Its value.
  public let value: String

  /// Makes a field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// An HTTP answer as plain data; length and connection fields are the server's own.
public struct ServerResponse: Hashable, Sendable {
  /// The status code, 200 to 599.
  public var status: Int
  /// What the body is, as in `Content-Type`; empty sends no such field.
  public var contentType: String
  /// Further header fields.
  public var fields: [ServerField]
  /// The body.
  public var body: [UInt8]

  /// Makes an answer.
  public init(
    status: Int = 200, contentType: String = "application/json", fields: [ServerField] = [],
    body: [UInt8] = []
  ) {
    self.status = status
    self.contentType = contentType
    self.fields = fields
    self.body = body
  }

  /// An answer of JSON.
  public static func json(_ text: String, status: Int = 200) -> Self {
    Self(status: status, body: Array(text.utf8))
  }

  /// An answer of plain text.
  public static func text(_ text: String, status: Int = 200) -> Self {
    Self(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }
}
