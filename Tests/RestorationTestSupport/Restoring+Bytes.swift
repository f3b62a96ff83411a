import PromptIR
import Restoration

extension Restorer {
    package func restore(_ bytes: [UInt8], session: ForwardSession) throws(RestorationError)
        -> RestoredPicture
    {
        try restore(PictureSource(bytes), session: session) { $0 }
    }
}

extension PoolWorker {
    package func restore(_ bytes: [UInt8], with restorer: Restorer) throws(RestorationError)
        -> RestoredPicture
    {
        try restore(PictureSource(bytes), with: restorer) { $0 }
    }
}
