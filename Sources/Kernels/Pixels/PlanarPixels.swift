import Tensors

/// Converts between planes, (channels, height, width), and pixels.
package enum PlanarPixels {
    /// Copies planes into pixels; padding becomes zero.
    package static func load(_ planes: FloatRun, into map: FeatureMap) {
        let plane = map.pixelCount
        for index in 0..<plane {
            let pixel = map.base + index * map.stride
            for channel in 0..<map.channels { pixel[channel] = planes.base[channel * plane + index] }
            for channel in map.channels..<map.stride { pixel[channel] = 0 }
        }
    }

    /// Computes `planes = map + image`, where the image consists of planes too. `planes` may be the image.
    package static func store(_ map: FeatureMap, adding image: FloatRun, into planes: FloatRun) {
        let plane = map.pixelCount
        for channel in 0..<map.channels {
            for index in 0..<plane {
                planes.base[channel * plane + index] =
                    map.base[index * map.stride + channel] + image.base[channel * plane + index]
            }
        }
    }
}
