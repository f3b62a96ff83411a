import Logging

/// A handler whose bound metadata and level are kept in ``LogFields``.
package protocol FieldsLogHandler: LogHandler {
    var fields: LogFields { get set }
}

extension FieldsLogHandler {
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { fields.bound[key] }
        set { fields.bound[key] = newValue }
    }

    package var metadata: Logger.Metadata {
        get { fields.bound }
        set { fields.bound = newValue }
    }

    package var metadataProvider: Logger.MetadataProvider? {
        get { fields.provider }
        set { fields.provider = newValue }
    }

    package var logLevel: Logger.Level {
        get { fields.effectiveLevel }
        set { fields.effectiveLevel = newValue }
    }
}
